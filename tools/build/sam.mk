# The targets that `sam build` calls (BuildMethod: makefile). SAM copies the resource's folder to a scratch
# directory, runs make there and sets ARTIFACTS_DIR; it names the Makefile by its absolute path, which is how
# the project is found.
#
#   TRADEWIND_PYTHON       the version of the runtime that is built for: 3.13 (as the templates' default)
#   TRADEWIND_ARCH         arm64 (default) or x86_64
#   TRADEWIND_NO_BYTECODE  1 builds without .pyc: cold starts take two to three times as long
PROJECT := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))../..)
# The project's environment, where there is one; any Python of 3.11 or later does.
BUILD := PYTHONPATH=$(PROJECT) $(firstword $(wildcard $(PROJECT)/.venv/bin/python) python3) -m tools.build

# OrdersSharedLayer: the part of shared/ that the functions of orders need.
build-%SharedLayer:
	$(BUILD).shared_layer . "$(ARTIFACTS_DIR)" $*

# Every other layer is a folder of layers/.
build-%Layer:
	$(BUILD).layer . "$(ARTIFACTS_DIR)"

# The logical id of every function ends in Function; its folder holds its handler.
build-%Function:
	$(BUILD).sources . "$(ARTIFACTS_DIR)"

"""ANY $default — answer what no route of the API matches with 404, in the envelope."""

from shared.platform.http.app import create_app, lambda_handler

app = create_app("customers")
handler = lambda_handler(app)

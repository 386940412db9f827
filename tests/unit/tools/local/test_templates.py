from pathlib import Path

from tools.local.templates import load_template


def test_short_functions_come_out_in_their_long_form(tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(
        """
        AWSTemplateFormatVersion: 2010-09-09
        A: !Ref Table
        B: !GetAtt Service.Outputs.TableName
        C: !Sub "${A}-b"
        D: !If [HasDomain, !Ref Domain, !Ref "AWS::NoValue"]
        E: !Select [2, !Split ["/", !GetAtt [Orders, Outputs.ApiEndpoint]]]
        F: !Condition HasDomain
        G: !Not [!Equals [!Ref Domain, ""]]
        """,
        "utf-8",
    )
    assert load_template(file) == {
        "AWSTemplateFormatVersion": "2010-09-09",
        "A": {"Ref": "Table"},
        "B": {"Fn::GetAtt": ["Service", "Outputs.TableName"]},
        "C": {"Fn::Sub": "${A}-b"},
        "D": {"Fn::If": ["HasDomain", {"Ref": "Domain"}, {"Ref": "AWS::NoValue"}]},
        "E": {
            "Fn::Select": [
                2,
                {"Fn::Split": ["/", {"Fn::GetAtt": ["Orders", "Outputs.ApiEndpoint"]}]},
            ]
        },
        "F": {"Condition": "HasDomain"},
        "G": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Domain"}, ""]}]},
    }

"""ANY $default — answer what no route of the API matches: 404, or 405 for another method."""

from shared.platform.http.app import create_app, lambda_handler

app = create_app("identity")
handler = lambda_handler(app)

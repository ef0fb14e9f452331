from urllib.request import urlopen

import modal

app = modal.App("addresses")


@app.function()
@modal.wsgi_app()
def site():
    def answer(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"hello"]

    return answer


@app.cls()
class Site:
    @modal.wsgi_app()
    def page(self):
        return site.local()


@app.function()
def address_inside():
    return site.get_web_url()


@app.local_entrypoint()
def main():
    url = site.get_web_url()
    assert url and url == site.web_url == address_inside.remote()
    with urlopen(url) as response:
        assert response.read() == b"hello"
    with urlopen(Site().page.get_web_url()) as response:
        assert response.read() == b"hello"
    assert address_inside.get_web_url() is None
    print("ok")

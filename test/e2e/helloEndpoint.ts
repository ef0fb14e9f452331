/** A function that answers web requests, for below its decorators. It needs no package. */
export const helloEndpoint = `def hello():
    async def answer(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"hello from a container"})

    return answer
`;

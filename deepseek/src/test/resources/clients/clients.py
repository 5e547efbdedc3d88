"""Asks the service at the URL in argv[1] as OpenAI's SDK and LiteLLM do. argv[2] is the text that three tokens make."""

import asyncio
import json
import sys

import litellm
import openai

URL, TEXT = sys.argv[1], sys.argv[2]
MODEL = "deepseek-v4-pro"
PROMPT = [{"role": "user", "content": "python"}]
OFF = {"thinking": {"type": "disabled"}}
TOOL = {
    "type": "function",
    "function": {
        "name": "f",
        "parameters": {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
    },
}


def same(seen, expected):
    assert seen == expected, f"expected {expected!r}, got {seen!r}"


def sdk():
    client = openai.OpenAI(base_url=URL, api_key="sk-1", max_retries=0)
    whole = client.chat.completions.create(model=MODEL, messages=PROMPT, max_tokens=3, extra_body=OFF)
    same((whole.choices[0].message.content, whole.choices[0].finish_reason), (TEXT, "length"))

    chunks = list(
        client.chat.completions.create(
            model=MODEL, messages=PROMPT, max_tokens=3, stream=True, stream_options={"include_usage": True}, extra_body=OFF
        )
    )
    same("".join(c.choices[0].delta.content or "" for c in chunks), TEXT)
    same([c.usage is not None for c in chunks], [False] * (len(chunks) - 1) + [True])

    thought = client.chat.completions.create(model=MODEL, messages=PROMPT, max_tokens=10)
    assert thought.choices[0].message.reasoning_content, thought
    same(thought.usage.completion_tokens_details.reasoning_tokens, 2)

    stopped = client.chat.completions.create(model=MODEL, messages=PROMPT, max_tokens=3, stop=["2."], extra_body=OFF)
    same((stopped.choices[0].message.content, stopped.choices[0].finish_reason), (TEXT.split("2.")[0], "stop"))

    # its own helper puts the deltas together, and refuses what does not fit
    with client.chat.completions.stream(model=MODEL, messages=PROMPT, tools=[TOOL], extra_body=OFF) as stream:
        done = stream.get_final_completion()
    call = done.choices[0].message.tool_calls[0]
    same((call.function.name, list(json.loads(call.function.arguments))), ("f", ["a"]))
    same(done.choices[0].finish_reason, "tool_calls")

    said = client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": "json"}], response_format={"type": "json_object"}
    )
    assert json.loads(said.choices[0].message.content)["tokens"], said

    sure = client.chat.completions.create(
        model=MODEL, messages=PROMPT, max_tokens=2, logprobs=True, top_logprobs=2, extra_body=OFF
    )
    same([len(t.top_logprobs) for t in sure.choices[0].logprobs.content], [2, 2])

    beta = openai.OpenAI(base_url=URL + "/beta", api_key="sk-1", max_retries=0)
    fim = beta.completions.create(model=MODEL, prompt="python", suffix="end", max_tokens=3)
    same(fim.choices[0].text, TEXT)
    parts = beta.completions.create(model=MODEL, prompt="python", max_tokens=3, stream=True)
    same("".join(p.choices[0].text for p in parts), TEXT)

    same(len(client.models.list().data), 5)
    for key, kind in [("sk-2", openai.AuthenticationError), ("sk-poor", openai.APIStatusError)]:
        try:
            client.with_options(api_key=key).chat.completions.create(model=MODEL, messages=PROMPT)
            raise AssertionError(f"{key} was let in")
        except kind as e:
            same(e.status_code, {"sk-2": 401, "sk-poor": 402}[key])


def through_litellm():
    ask = dict(model="deepseek/" + MODEL, messages=PROMPT, api_base=URL, api_key="sk-1", max_tokens=3, extra_body=OFF)
    whole = litellm.completion(**ask)
    same((whole.choices[0].message.content, whole.usage.completion_tokens), (TEXT, 3))
    same("".join(c.choices[0].delta.content or "" for c in litellm.completion(stream=True, **ask)), TEXT)

    async def stream():
        return [c.choices[0].delta.content or "" async for c in await litellm.acompletion(stream=True, **ask)]

    same("".join(asyncio.run(stream())), TEXT)
    called = litellm.completion(**{**ask, "tools": [TOOL], "max_tokens": 100})
    same(list(json.loads(called.choices[0].message.tool_calls[0].function.arguments)), ["a"])
    try:
        litellm.completion(**{**ask, "max_tokens": 400000})
        raise AssertionError("400000 tokens were taken")
    except litellm.BadRequestError as e:
        assert "valid range of max_tokens" in str(e), e


sdk()
print("openai", openai.__version__)
through_litellm()
print("litellm")

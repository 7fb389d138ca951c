// src/server/page.ts
/** A small HTML page without scripts. */
function homePage(engine, url) {
	const model = engine.servedModelNames[0];
	const length = engine.modelConfig.maxModelLen;
	return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Quire: ${escape(model)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem}pre{background:#8882;padding:1rem;overflow:auto;border-radius:.4rem}:root{color-scheme:light dark}</style></head>
<body>
<h1>Quire</h1>
<p>Serves <b>${escape(model)}</b>, up to ${length} tokens, over the OpenAI API.</p>
<pre>${escape(curlLine(engine, url))}</pre>
<p><a href="v1/models">/v1/models</a> · POST /v1/completions · POST /v1/chat/completions · <a href="health">/health</a> · <a href="version">/version</a></p>
</body>
</html>
`;
}
/** A command that calls the server. */
function curlLine(engine, url) {
	const model = engine.servedModelNames[0];
	const { tokenizer } = engine;
	if (tokenizer === void 0) return curl(`${url}/v1/completions`, {
		model,
		prompt: [1],
		max_tokens: 16
	});
	if (tokenizer.chatTemplate === void 0) return curl(`${url}/v1/completions`, {
		model,
		prompt: "Once upon a time",
		max_tokens: 64
	});
	return curl(`${url}/v1/chat/completions`, {
		model,
		messages: [{
			role: "user",
			content: "Hello, who are you?"
		}],
		max_tokens: 64
	});
}
function curl(url, body) {
	return `curl ${url} -H 'Content-Type: application/json' -d '${JSON.stringify(body).replaceAll("'", `'\\''`)}'`;
}
function escape(text) {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\"", "&quot;");
}
export { homePage as n, curlLine as t };

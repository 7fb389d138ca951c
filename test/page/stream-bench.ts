/** What the tests of streamed Markdown take into a blank page. */
export { MarkdownStream } from "../../src/server/page/markdown-stream.js";

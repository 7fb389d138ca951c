export { n as readChatTemplate } from "./chat-C72DPpHq.js";

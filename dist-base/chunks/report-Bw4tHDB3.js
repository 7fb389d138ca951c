export { r as writeResultFile } from "./report-6-Uu1ojc.js";

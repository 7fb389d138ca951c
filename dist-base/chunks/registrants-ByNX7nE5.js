// src/models/registrants.ts
/** Who registered the architectures that are not built in. Apart from the registry, so that asking loads no layers. */
/** Architecture to a plugin's name, or `theProgram`. Only registry.ts writes to it. */
const registrants = /* @__PURE__ */ new Map();
/** Who calls registerModel without being a plugin. */
const theProgram = "the program";
/** Architectures that the program itself registered in this process. */
function programsArchitectures() {
	return [...registrants].flatMap(([architecture, by]) => by === "the program" ? [architecture] : []);
}
export { registrants as n, theProgram as r, programsArchitectures as t };

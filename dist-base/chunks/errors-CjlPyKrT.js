// src/util/errors.ts
/**
* The errors that Quire throws on purpose. A message says where, what was expected, what came, and what to do.
* One class per audience; `code` is stable and listed in docs/errors.md.
*/
var QuireError = class extends Error {
	/** Stable, upper-case identifier, for programs. */
	code;
	constructor(code, message, options) {
		super(message, options);
		this.code = code;
		this.name = new.target.name;
	}
};
/** An API client's request is wrong: HTTP 400 or 404. `param` names the field. */
var RequestError = class extends QuireError {
	param;
	status;
	constructor(message, options = {}) {
		super(options.code ?? "INVALID_REQUEST", message, options);
		this.param = options.param ?? null;
		this.status = options.status ?? 400;
	}
};
/** A flag, an option or config.json is wrong: for whoever starts Quire. */
var ConfigError = class extends QuireError {
	constructor(message, options) {
		super("CONFIG", message, options);
	}
};
/** A checkpoint is damaged, incomplete or does not fit the model: for whoever brings a model. */
var CheckpointError = class extends QuireError {
	constructor(message, options) {
		super("CHECKPOINT", message, options);
	}
};
/** Memory, files or threads are not enough: for the operator. The message carries the arithmetic. */
var ResourceError = class extends QuireError {
	constructor(message, options) {
		super("RESOURCE", message, options);
	}
};
/** A known thing that this version, build or machine cannot do. */
var UnsupportedError = class extends QuireError {
	constructor(message, options) {
		super("UNSUPPORTED", message, options);
	}
};
/** Tensors do not fit together: for the developer of a model or op. */
var ShapeError = class extends QuireError {
	constructor(message, options) {
		super("SHAPE", message, options);
	}
};
/** A tensor is used outside its program: for the developer of a model or op. */
var LifetimeError = class extends QuireError {
	constructor(message, options) {
		super("LIFETIME", message, options);
	}
};
/** The engine died or was shut down; the request did not finish. */
var EngineDeadError = class extends QuireError {
	constructor(message, options) {
		super("ENGINE_DEAD", message, options);
	}
};
/** The request was aborted by its caller. */
var AbortError = class extends QuireError {
	constructor(message, options) {
		super("ABORTED", message, options);
	}
};
export { LifetimeError as a, ResourceError as c, EngineDeadError as i, ShapeError as l, CheckpointError as n, QuireError as o, ConfigError as r, RequestError as s, AbortError as t, UnsupportedError as u };

/**
 * One run beside the reference. Before each op that is a module of the reference, what goes in is compared and then set to the
 * reference's value; afterwards the same with what comes out. So every module, and every stretch of ops between two
 * modules, is judged alone: a mistake shows where it is made and nowhere else.
 */
import type { ModuleCall } from "../../../layers/model-context.js";
import type { OpRecord, RecordedProgram } from "../../../platform/platform.js";
import type { ConstructedModel } from "../../../worker/load-model.js";
import type { StepVisitor, TracingPlatform } from "../../../worker/tracing-platform.js";
import type { Cause } from "../causes/evidence.js";
import type { Whereabouts } from "./difference.js";
import type { Dump } from "./dump.js";
import type { Names } from "./names.js";
/** Something that is not as in the reference. */
export interface Finding {
    /**
     * leaf: a module's own arithmetic; inner: a module of several ops, all that goes in is right; glue: what goes into a module,
     * though all before it is right; setting: a number that differs; uncalled: weights that no op uses.
     */
    readonly kind: "leaf" | "inner" | "glue" | "setting" | "uncalled";
    /** Module of the reference that is wrong (leaf) or gets the wrong input (glue); "" the logits. */
    readonly module: string;
    readonly class: string;
    /** Glue: what it is made from, all of it right. */
    readonly after: readonly string[];
    /** The port's modules whose ops lie between, with their ops. */
    readonly between: readonly string[];
    /** Modules on the way that the reference has too, and whether what they give agrees. */
    readonly inside: readonly string[];
    readonly where: Whereabouts | undefined;
    /** Elements of one attention head, where features are heads. */
    readonly headDim: number | undefined;
    readonly cause: Cause | undefined;
    /** Order of the run. */
    readonly index: number;
}
export interface SessionParts {
    readonly tracing: TracingPlatform;
    readonly constructed: ConstructedModel;
    readonly dump: Dump;
    readonly names: Names;
    /** Calls of the port's modules, filled while steps are recorded. */
    readonly calls: readonly ModuleCall[];
    /** Causes are looked for at this many places; the others are named only. */
    readonly maxCauses: number;
    /** Index of the reference's first call that is not compared. */
    readonly until: number;
}
/** A value that the model named by `tap`. */
export interface TapReport {
    readonly name: string;
    readonly shape: readonly number[];
    readonly std: number;
    /** From the dump's tensor of the same name; undefined where there is none. */
    readonly distance: number | undefined;
}
export declare class Session implements StepVisitor {
    readonly findings: Finding[];
    /** Modules whose output agreed, given the reference's input. */
    numAgreeing: number;
    private readonly parts;
    private readonly leaves;
    private readonly ancestry;
    private readonly order;
    private readonly usedModules;
    /** Values that were wrong where a module took them, with the reference's. */
    private readonly alternatives;
    readonly taps: TapReport[];
    /** Windows of the port that are not shorter than the tokens, by layer. */
    private readonly windows;
    private current;
    private readonly pending;
    private numCauses;
    /** Whether the last value that was wrong is one of the reference's all the same, from another place. */
    private isRightElsewhere;
    /** Changes that explained a finding, and places for which none was found, of any layer. */
    private readonly likely;
    private readonly unexplained;
    constructor(parts: SessionParts);
    before(record: OpRecord): Promise<OpRecord | undefined>;
    after(record: OpRecord, program: RecordedProgram): Promise<void>;
    /** Windows, and values with names. */
    private note;
    /** Windows that are longer than the tokens change nothing here: they are told, not compared. */
    windowNotes(): string[];
    private judgeOutput;
    /** What the port's module of the same name gives, where it is as large; else what the op gives. */
    private outputTensor;
    /** Modules with weights that the port declares, and the reference calls, but no op of the port uses. */
    uncalled(): Finding[];
    private readonly leafIndexes;
    private firstIndexOf;
    private inputKey;
    private outputOf;
    private forceColumns;
    /** Compares one value; looks for the cause if it is wrong, unless an earlier mistake explains it. Gives whether it is right. */
    private judge;
    /** Looks for a cause, unless it was looked for in vain at the same place of another layer, or often enough. */
    private causeOf;
    /** A module that is computed again among a segment's ops. */
    private repetitionIn;
    /** Whether a value is right once an earlier wrong one is set right; that one then stays so. */
    private isConsequence;
    private finding;
    /**
     * The inner module that alone makes a segment's value wrong, with its own, shorter segment: with the reference's value in its
     * place all is right.
     */
    private locate;
    /** Numbers that a module of the reference has as a field: they may differ by too little to be seen in a few tokens. */
    private checkSettings;
    private partly;
    /** What the model's computeLogits gives, once it is computed. */
    private judgeLogits;
}

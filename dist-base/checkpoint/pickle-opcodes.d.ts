/** Numbers of the pickle opcodes that are read, and names of some that are refused. Data only. */
/** The opcodes that are read. */
export declare const opcodes: {
    readonly mark: 40;
    readonly emptyTuple: 41;
    readonly stop: 46;
    readonly pop: 48;
    readonly popMark: 49;
    readonly binFloat: 71;
    readonly binInt: 74;
    readonly binInt1: 75;
    readonly binInt2: 77;
    readonly none: 78;
    readonly binPersId: 81;
    readonly reduce: 82;
    readonly binString: 84;
    readonly shortBinString: 85;
    readonly binUnicode: 88;
    readonly emptyList: 93;
    readonly append: 97;
    readonly build: 98;
    readonly global: 99;
    readonly appends: 101;
    readonly binGet: 104;
    readonly longBinGet: 106;
    readonly binPut: 113;
    readonly longBinPut: 114;
    readonly setItem: 115;
    readonly tuple: 116;
    readonly setItems: 117;
    readonly emptyDict: 125;
    readonly proto: 128;
    readonly tuple1: 133;
    readonly tuple2: 134;
    readonly tuple3: 135;
    readonly newTrue: 136;
    readonly newFalse: 137;
    readonly long1: 138;
    readonly shortBinUnicode: 140;
    readonly binUnicode8: 141;
    readonly stackGlobal: 147;
    readonly memoize: 148;
    readonly frame: 149;
};
/** Opcodes that run code or reach outside in Python, named in the refusal. */
export declare const refusedNames: Readonly<Record<number, string>>;

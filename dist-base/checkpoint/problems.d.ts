/** A list of problems under one heading; `throwIfAny` ends in a CheckpointError. */
export declare class Problems {
    private readonly where;
    private readonly list;
    private count;
    /** @param where the file or folder, the first words of the error */
    constructor(where: string);
    add(problem: string): void;
    get any(): boolean;
    /** @throws CheckpointError with every problem: one in the same line, several as a list */
    throwIfAny(): void;
}
/** A name from a file as shown in errors: quoted, escaped, and cut after 200 characters. */
export declare function quote(name: string): string;

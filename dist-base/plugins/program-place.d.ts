/** Plain data. */
export interface ProgramPlace {
    /** Folder of the application: the plugins of its dependencies are loaded. */
    readonly application: string;
    /** Architectures that the program registered itself: classes and functions stay where they are. */
    readonly architectures: readonly string[];
}
/** Of this process. */
export declare function programPlace(): ProgramPlace;

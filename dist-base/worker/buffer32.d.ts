/** Buffer32: a run of i32 values on the platform with a copy here. */
import type { Platform } from "../platform/platform.js";
export declare class Buffer32 {
    readonly values: Int32Array;
    readonly address: number;
    private readonly platform;
    constructor(platform: Platform, label: string, size: number);
    /** Sends values [start, start + count) to the platform. */
    upload(count: number, start?: number): void;
}

/** The names of model classes that a file exports, in its order. */
export declare function modelClasses(source: string): string[];
/**
 * @param source       a file of src/models
 * @param architecture one of its classes; everything whose name begins like it (LlamaAttention) is renamed with it
 * @param own          the new name: MyModelForCausalLM makes MyModelAttention too
 * @throws ConfigError when the file imports something that is not public
 */
export declare function outsideSource(source: string, architecture: string, own: string): string;

/** JSON schemas before they go to the grammar engine. */
export function prepareJsonSchema(text: string, _field: string): string {
  return text;
}

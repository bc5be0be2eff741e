// A file of settings is written by hand: comments are allowed, as editors allow them in it.

const STRING_OR_COMMENT = /"(?:[^"\\]|\\.)*"?|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;

/** The same text as JSON: comments are blank, so that every offset and line stays where it was. */
export function withoutComments(text: string): string {
  return text.replace(STRING_OR_COMMENT, (token) => (token.startsWith('"') ? token : token.replace(/[^\r\n]/g, ' ')));
}

/** Recognises an API key, whole or in part and in whatever form. */
export class Secret {
  constructor(key: string);
  isInText(text: string): boolean;
  isInBytes(bytes: Uint8Array): boolean;
}

/** Composed characters, single spaces, none around: texts that people type alike are then the same. */
export const tidyText = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim()

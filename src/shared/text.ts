/** Composed characters, single spaces, none around: texts that people type alike are then the same. */
export const tidyText = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim()

/** What an error says; a thing thrown that is none says itself. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

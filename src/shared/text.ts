/**
 * The one normal form of a text: composed characters, single spaces (no-break ones are spaces), none around. Every decision
 * is stored in it, typed or accepted; labels and readings are compared in it.
 */
export const tidyText = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim()

/** What an error says; a thing thrown that is none says itself. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

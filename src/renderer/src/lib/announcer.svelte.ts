/** What a screen reader says next; App holds the live regions. Two regions in turns, so that equal texts are said twice. */
export const announcer = $state({ texts: ['', ''] as [string, string], turn: 0 })

export function announce(text: string): void {
  announcer.turn = 1 - announcer.turn
  announcer.texts = announcer.turn === 0 ? [text, ''] : ['', text]
}

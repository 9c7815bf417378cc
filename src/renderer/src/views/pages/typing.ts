/** Whether keys are going into a text just now: there Ctrl+A and its like are the text's own. */
export const isTyping = (): boolean => document.activeElement?.matches('input, textarea, select') ?? false

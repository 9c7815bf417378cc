/** Fingers and pens. */

/** The screen is what a person points with: a keyboard on it covers half of what is shown. */
export const onTouchScreen = (): boolean => globalThis.matchMedia?.('(pointer: coarse)').matches ?? false

/** px: a shorter way is a tap that slipped. */
const shortest = 56

/** Whether a finger or pen was drawn across and not along: 1 to the left, -1 to the right. */
export function swiped(begun: { x: number; y: number }, end: { x: number; y: number }): 1 | -1 | null {
  const [across, along] = [end.x - begun.x, Math.abs(end.y - begun.y)]
  if (Math.abs(across) < shortest || Math.abs(across) < 2 * along) return null
  return across < 0 ? 1 : -1
}

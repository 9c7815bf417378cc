/** How the picture is looked at: kept from field to field. */
const zoomStep = 1.25
const zoomMost = 8
/** What a double click shows. */
const closeZoom = zoomStep ** 4
/** A crop is enlarged at most this much to fill the card: beyond, it only shows its pixels. */
const enlargedMost = 6
/** A very wide crop keeps at least this share of the card's height, and scrolls. */
const heightLeast = 0.3

export const look = $state({ zoom: 1, invert: false, contrast: false })

export function zoomBy(direction: 1 | -1): void {
  const next = look.zoom * (direction === 1 ? zoomStep : 1 / zoomStep)
  look.zoom = Math.abs(next - 1) < 0.05 ? 1 : Math.min(zoomMost, Math.max(1, next))
}

/** Close, and back to the whole field. */
export function toggleZoom(): void {
  look.zoom = look.zoom === 1 ? closeZoom : 1
}

/** Screen px for a px of the crop, so that `width` × `height` fits a frame; times the zoom. */
export function scaleFor(
  width: number,
  height: number,
  frame: { width: number; height: number },
  zoom: number
): number {
  const fit = Math.min(frame.width / width, frame.height / height, enlargedMost)
  const legible = Math.min(enlargedMost, (frame.height * heightLeast) / height)
  return Math.max(fit, legible) * zoom
}

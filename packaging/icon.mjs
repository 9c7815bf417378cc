/**
 * Draws icon.png, and icons/ for Linux, whose themes know no larger ones: a written N on a card, and the mark under a letter in
 * doubt. `node packaging/icon.mjs`
 */
import { createCanvas } from '@napi-rs/canvas'
import { mkdirSync, writeFileSync } from 'node:fs'
import { inRoot } from '../scripts/lib/root.mjs'

const side = 1024
const canvas = createCanvas(side, side)
const pen = canvas.getContext('2d')

pen.fillStyle = '#1f5f5b'
pen.beginPath()
pen.roundRect(64, 64, side - 128, side - 128, 200)
pen.fill()

pen.lineCap = pen.lineJoin = 'round'
pen.strokeStyle = '#f5f4f0'
pen.lineWidth = 92
pen.beginPath()
pen.moveTo(330, 660)
pen.bezierCurveTo(345, 520, 360, 400, 380, 290)
pen.bezierCurveTo(470, 420, 560, 550, 650, 655)
pen.bezierCurveTo(662, 530, 680, 400, 705, 285)
pen.stroke()

pen.strokeStyle = '#e0a43a'
pen.lineWidth = 56
pen.beginPath()
pen.moveTo(300, 800)
pen.lineTo(724, 800)
pen.stroke()

writeFileSync(inRoot('packaging', 'icon.png'), canvas.toBuffer('image/png'))

mkdirSync(inRoot('packaging', 'icons'), { recursive: true })
for (const size of [32, 48, 64, 128, 256, 512]) {
  const small = createCanvas(size, size)
  small.getContext('2d').drawImage(canvas, 0, 0, size, size)
  writeFileSync(inRoot('packaging', 'icons', `${size}x${size}.png`), small.toBuffer('image/png'))
}

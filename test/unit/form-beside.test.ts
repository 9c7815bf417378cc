import { expect, it } from 'vitest'
import { formBeside } from '../../src/reading/pages/process/beside'
import { createRegistrar, type Pixels } from '../../src/reading/pages/register'
import { card, draw } from '../fixtures/form-pages'

const dpi = 120

/** Pages of one size, left to right on one sheet. */
function sideBySide(pages: Pixels[]): Pixels {
  const [{ width, height, channels }] = pages as [Pixels]
  const row = width * channels
  const data = new Uint8Array(row * pages.length * height)
  pages.forEach((page, index) => {
    for (let y = 0; y < height; y++)
      data.set(page.data.subarray(y * row, (y + 1) * row), y * row * pages.length + index * row)
  })
  return { ...pages[0]!, data, width: width * pages.length }
}

it('a second form on the sheet is told of, and an empty half of a sheet is none', async () => {
  const template = { name: 'card', ...(await draw(card(), dpi)) }
  const registrar = await createRegistrar([template])
  const { image } = template
  const told = (page: Pixels) => formBeside(registrar, template, page, registrar.register(page))
  const empty = { ...image, data: new Uint8Array(image.data.length).fill(255) }
  expect(told(sideBySide([image, image]))).toMatch(/“card” is found once more beside it: only one form/)
  expect(told(sideBySide([image, empty]))).toBeNull()
  expect(told(image)).toBeNull()
  registrar.close()
})

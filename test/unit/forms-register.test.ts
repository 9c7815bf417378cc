import { beforeAll, describe, expect, it } from 'vitest'
import {
  createRegistrar,
  registrationFromCorners,
  type Homography,
  type Pixels,
  type Quad,
  type Registrar,
  type Template,
  type TemplateField
} from '../../src/reading/pages/register'
import { apply, quadOfBox } from '../../src/reading/pages/vision/homography'
import { degrade, type Damage } from '../fixtures/degrade'
import { card, draw, madeUpName, randomFrom, register, textPage, type DrawnForm } from '../fixtures/form-pages'

const dpi = 120

async function templateOf(name: string, form: DrawnForm): Promise<Template> {
  return { name, ...(await draw(form, dpi)) }
}

async function page(
  form: DrawnForm,
  damage: Damage,
  at = dpi
): Promise<{ page: Pixels; transform: Homography; fields: TemplateField[] }> {
  const random = randomFrom(7)
  const texts = form.fields.map((_, index) => (index % 4 === 3 ? undefined : madeUpName(random)))
  const { image, fields } = await draw(form, at, { texts, seed: 11 })
  return { ...(await degrade(image, { noise: 4, ...damage })), fields }
}

/** px of the page by which a field's corners lie off at most. */
function furthest(one: Quad, other: Quad): number {
  return Math.max(...[0, 2, 4, 6].map((at) => Math.hypot(one[at]! - other[at]!, one[at + 1]! - other[at + 1]!)))
}

describe('a form with captions', () => {
  const form = card()
  let template: Template
  let registrar: Registrar
  beforeAll(async () => {
    template = await templateOf('card', form)
    registrar = await createRegistrar([template])
    return () => registrar.close()
  })

  const cases: [string, Damage, number?][] = [
    ['as it is', {}],
    ['skewed and moved', { skew: 3, shift: [0.03, -0.02] }],
    ['upside down', { turns: 2, skew: -2 }],
    ['lying on its side', { turns: 1 }],
    ['scanned finer', { skew: 1 }, 200],
    ['photographed at a slant in a shadow', { perspective: [0.1, 0.06], shade: 0.5, surround: 110 }],
    ['faint and bilevel', { bilevel: true, faint: 90, skew: -1 }]
  ]
  it.each(cases)('is found %s', async (_name, damage, at = dpi) => {
    const { page: seen, transform, fields } = await page(form, damage, at)
    const registration = registrar.register(seen)
    expect(registration).toMatchObject({ status: 'matched', template: 'card', reason: null })
    expect(registration.turns).toBe((4 - (damage.turns ?? 0)) % 4)
    template.fields.forEach((field, index) =>
      expect(furthest(registrar.quadOf(registration, field), quadOfBox(transform, fields[index]!))).toBeLessThan(1.5)
    )
  })

  it('is found unfilled, all fields blank', () => {
    const registration = registrar.register(template.image)
    expect(registration.status).toBe('matched')
    for (const field of template.fields)
      expect(registrar.blankProbability(template.image, registration, field)).toBeGreaterThan(0.9)
  })

  it('is not found on pages of other kinds, and it is said why', async () => {
    const random = randomFrom(3)
    const mirror = { ...template.image, data: Uint8Array.from(template.image.data) }
    for (let y = 0; y < mirror.height; y++) mirror.data.subarray(y * mirror.width, (y + 1) * mirror.width).reverse()
    const empty = { ...mirror, data: new Uint8Array(mirror.data.length).fill(250) }
    const others: Pixels[] = [
      (await page(card({ title: 'LIBRARY PASS', captions: ['READER', 'PHONE', 'SCHOOL', 'CLASS'], top: 150 }), {}))
        .page,
      (await page(register(), {})).page,
      (await draw(textPage(random), dpi)).image,
      (await degrade(mirror, { faint: 140 })).page,
      (await degrade(empty, { noise: 6 })).page
    ]
    for (const other of others) {
      const { status, reason, score } = registrar.register(other)
      expect(status).toBe('unmatched')
      expect(score).toBeLessThan(0.5)
      expect(reason).toMatch(/\w+ .*\.$/)
    }
  })

  it('lies where a person put its corners, and to the pixel after that', async () => {
    const { page: seen, transform, fields } = await page(form, { skew: 2 })
    const { width, height } = template.image
    const corners = quadOfBox(transform, { x: 0, y: 0, width, height }).map((value, at) => value + (at % 3) - 1) as Quad
    const rough = registrationFromCorners({ name: 'card', width, height }, corners)
    expect(rough).toMatchObject({ status: 'matched', score: 1, turns: 0 })
    expect(apply(rough.homography!, 0, 0)).toEqual([expect.closeTo(corners[0], 3), expect.closeTo(corners[1], 3)])
    const exact = registrar.adjust(seen, rough)
    const first = quadOfBox(transform, fields[0]!)
    expect(furthest(registrar.quadOf(exact, template.fields[0]!), first)).toBeLessThan(1)
    const mirrored = [2, 3, 0, 1, 6, 7, 4, 5].map((at) => corners[at]!) as Quad
    expect(() => registrationFromCorners({ name: 'card', width, height }, mirrored)).toThrow(/clockwise/)
  })
})

describe('a register whose rows all look alike', () => {
  it.each([
    ['with captions and numbers', register(), { skew: 2 }],
    ['without captions', register({ captions: false, numbers: false }), { skew: -1.5, turns: 2 }],
    ['without captions, at a slant', register({ captions: false, numbers: false }), { perspective: [0.08, 0.05] }]
  ] as [string, DrawnForm, Damage][])('is found %s, no row off', async (_name, form, damage) => {
    const template = await templateOf('register', form)
    const registrar = await createRegistrar([template])
    const { page: seen, transform, fields } = await page(form, damage)
    const registration = registrar.register(seen)
    expect(registration.status).toBe('matched')
    template.fields.forEach((field, index) =>
      expect(furthest(registrar.quadOf(registration, field), quadOfBox(transform, fields[index]!))).toBeLessThan(2)
    )
    registrar.close()
  })

  it('is not found where a row is missing, or one too many', async () => {
    const plain = { captions: false, numbers: false }
    const registrar = await createRegistrar([await templateOf('register', register(plain))])
    for (const rows of [9, 11]) {
      const { page: seen } = await page(register({ ...plain, rows }), { skew: 1 })
      expect(registrar.register(seen).status).toBe('unmatched')
    }
    registrar.close()
  })
})

describe('what is no page', () => {
  it('is told, and nothing breaks', async () => {
    const template = await templateOf('card', card())
    const registrar = await createRegistrar([template])
    const white = (width: number, height: number): Pixels => ({
      data: new Uint8Array(width * height).fill(255),
      width,
      height,
      channels: 1
    })
    expect(registrar.register(white(3, 2)).reason).toMatch(/too small/)
    expect(registrar.register(white(4000, 20)).reason).toMatch(/too narrow/)
    expect(registrar.register(white(600, 800)).reason).toMatch(/Nothing is printed/)
    registrar.close()
    await expect(createRegistrar([{ ...template, image: white(20, 20) }])).rejects.toThrow(/“card” is too small/)
  })
})

describe('several templates', () => {
  it('the one that fits is taken; two that fit alike are a matter for a person', async () => {
    const one = await templateOf('card', card())
    const other = await templateOf('register', register())
    const both = await createRegistrar([one, other])
    expect(both.register((await page(register(), { skew: 1 })).page).template).toBe('register')
    expect(both.register((await page(card(), { skew: 1 })).page).template).toBe('card')
    both.close()
    const twins = await createRegistrar([one, { ...one, name: 'card again' }])
    const result = twins.register((await page(card(), {})).page)
    expect(result.status).toBe('unmatched')
    expect(result.reason).toContain('“card again”')
    twins.close()
    await expect(createRegistrar([one, one])).rejects.toThrow(/two templates “card”/)
  })
})

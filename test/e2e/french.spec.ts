/** The interface in French: by keyboard from home to review and list, without an English word; then back to English. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { test } from './app'

const texts = join(import.meta.dirname, '../../src/renderer/src/i18n')

type Texts = { [key: string]: string | Texts }
const leaves = (value: string | Texts): string[] =>
  typeof value === 'string' ? [value] : Object.values(value).flatMap(leaves)
const valuesOf = (language: string): string[] =>
  readdirSync(join(texts, language))
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => leaves(JSON.parse(readFileSync(join(texts, language, file), 'utf8')) as Texts))

const french = new Set(valuesOf('fr'))
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
/** English texts that are not French ones too, with anything where values go; those that are hardly more than values left out. */
const english = valuesOf('en')
  .filter((text) => !french.has(text) && text.replace(/\{\{.*?\}\}/g, '').replace(/\P{L}/gu, '').length >= 4)
  .map(
    (text) =>
      new RegExp(
        `^${text
          .split(/\{\{.*?\}\}/)
          .map(escaped)
          .join('.+')}$`
      )
  )

/** What a screen reader finds on the page: names and texts. */
async function said(page: Page): Promise<string[]> {
  const snapshot = await page.locator('body').ariaSnapshot()
  return snapshot.split('\n').flatMap((line) => {
    const name = /"((?:[^"\\]|\\.)*)"/.exec(line)?.[1]
    const text = /^\s*- [\w/]+(?: "(?:[^"\\]|\\.)*")?(?: \[[^\]]*\])*: (.+)$/.exec(line)?.[1]
    return [name, text].filter((each) => each !== undefined)
  })
}

async function expectFrench(page: Page, where: string): Promise<void> {
  const words = await said(page)
  expect(words.length, where).toBeGreaterThan(5)
  expect(
    words.filter((word) => english.some((text) => text.test(word))),
    where
  ).toEqual([])
}

test('French from home to review and list, by keyboard, and English again for good', async ({ app, browser }) => {
  const context = await browser.newContext({ locale: 'fr-FR' })
  const page = await context.newPage()
  await page.goto(app.url)
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr')
  const sample = page.getByRole('button', { name: /Essayer l’exemple/ })
  await expect(sample).toBeVisible()
  await expectFrench(page, 'home')

  while (!(await sample.evaluate((button) => button === document.activeElement))) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  const text = page.getByRole('textbox', { name: /^Lecture de / })
  await expect(text).toBeFocused({ timeout: 60_000 })
  await page.keyboard.press('Alt+b')
  await expect(page.getByRole('contentinfo')).toContainText('1 sur 68')
  await expectFrench(page, 'review')
  await page.keyboard.press('F1')
  await expect(page.getByRole('dialog', { name: 'Touches' })).toBeVisible()
  await expectFrench(page, 'keys')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog', { name: 'Touches' })).toBeHidden()
  await expect(text).toBeFocused()

  await page.keyboard.press('Control+k')
  await page.keyboard.type('aller à la liste')
  await page.keyboard.press('Enter')
  const grid = page.getByRole('grid', { name: 'Champs' })
  await expect(grid).toBeFocused()
  await expect(grid.getByRole('row', { name: /jpg/ }).first()).toBeVisible()
  await page.keyboard.press('Space')
  await expect(page.getByRole('toolbar', { name: 'Lignes sélectionnées' })).toBeVisible()
  await page.keyboard.press('x')
  await expect(page.locator('.toast')).toContainText('1 champ marqué illisible.')
  await expectFrench(page, 'list')

  await page.keyboard.press('Control+k')
  await page.keyboard.type('english')
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  // It comes back to the view that it was in.
  await expect(page.getByRole('heading', { name: 'List' })).toBeVisible()
  // The browser shell has another origin, and so another storage, after each start.
  await app.killAndRestart()
  await page.goto(app.url)
  await expect(page.getByRole('heading', { name: 'Handwritten names in, a checked list out' })).toBeVisible()
  await context.close()
})

/** A newer reader than the project's: one line in the review, which asks for nothing, and the readers' own view. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { callCore, test, type App } from './app'

const shipped = resolve(import.meta.dirname, '../../resources/models')

/** The shipped one as a newer one, with another decoder, in the person's own folder. */
function install({ folder }: App, version: number): void {
  const id = `names-caps-${version}`
  const models = join(folder, 'home', 'models')
  mkdirSync(models, { recursive: true })
  const manifest = JSON.parse(readFileSync(join(shipped, 'names-caps.json'), 'utf8')) as { decoder: object }
  for (const file of ['names-caps.onnx', 'names-caps-large.onnx', 'names-caps.lm'])
    copyFileSync(join(shipped, file), join(models, file))
  const replaces = [version === 2 ? 'names-caps' : `names-caps-${version - 1}`]
  const newer = { id, replaces, decoder: { ...manifest.decoder, beam: 2 + version } }
  writeFileSync(join(models, `${id}.json`), JSON.stringify({ ...manifest, ...newer }))
}

test('a newer reader is offered in one line, left or taken, and the field on screen stays', async ({ app, page }) => {
  test.slow()
  await page.goto(app.url)
  await page.getByRole('button', { name: /Try the sample/ }).click()
  const text = page.getByRole('textbox', { name: /^Reading of / })
  await expect(text).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('banner')).toContainText('fields/s', { timeout: 60_000 })
  await page.keyboard.type('TYPED')
  const typed = await text.inputValue()
  install(app, 2)
  await callCore(page, 'models.list', { rescan: true })
  const line = page.getByRole('status').filter({ hasText: 'There is a newer reader: ' })
  // What a newcomer is told in the same place comes first.
  await expect(page.getByRole('note')).toBeVisible()
  await expect(line).toBeHidden()
  await page.getByRole('note').getByRole('button').click()
  await expect(line).toContainText('names-caps-2')
  await expect(text).toHaveValue(typed)
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([])
  await line.getByRole('button', { name: 'Not now' }).click()
  await expect(line).toBeHidden()
  await page.reload()
  await expect(text).toBeVisible()
  await expect(line).toBeHidden()

  await page.keyboard.press('Alt+Shift+M')
  const card = page.getByRole('article').filter({ hasText: 'Newer than the reader of this project' })
  await card.getByRole('button', { name: 'Read the undecided with it' }).click()
  await expect(page.getByText('names-caps-2 reads what is undecided.').first()).toBeVisible()
  await expect(page.getByRole('article').filter({ hasText: 'reads this project' })).toContainText('names-caps-2')
  await expect(card).toBeHidden()
  await expectAllRead(page)

  install(app, 3)
  await callCore(page, 'models.list', { rescan: true })
  await page.keyboard.press('Alt+Shift+R')
  await expect(line).toContainText('names-caps-3')
  await page.keyboard.press('Alt+Shift+U')
  await expect(page.getByText('names-caps-3 reads what is undecided.').first()).toBeVisible()
  await expect(line).toBeHidden()
  await expectAllRead(page)
})

async function expectAllRead(page: Page): Promise<void> {
  const { counts } = await callCore<{ counts: { read: number; total: number } }>(page, 'project.info', {})
  expect(counts.read).toBe(counts.total)
}

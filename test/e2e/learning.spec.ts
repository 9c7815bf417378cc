/** Learning as a person sees it, with a learner that only speaks the protocol: a line in the review, the view, and the way back. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { callCore, test, type App } from './app'

const learner = resolve(import.meta.dirname, '../fixtures/learner.mjs')

function setUpLearner({ folder }: App, ...told: string[]): void {
  const home = join(folder, 'home', 'learner')
  mkdirSync(home, { recursive: true })
  const command = [process.execPath, learner, ...told]
  writeFileSync(join(home, 'environment.json'), JSON.stringify({ command, version: '0', own: false }))
}

async function openSample(page: Page, app: App): Promise<void> {
  await page.goto(app.url)
  await page.getByRole('button', { name: /Try the sample/ }).click()
  await expect(page.getByRole('textbox', { name: /^Reading of / })).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('banner')).toContainText('fields/s', { timeout: 60_000 })
}

async function decide(page: Page, count: number): Promise<void> {
  const { ids } = await callCore<{ ids: number[] }>(page, 'fields.ids', {
    filter: { status: 'undecided' },
    order: 'confidence'
  })
  for (const id of ids.slice(-count))
    await callCore(page, 'review.decide', { ids: [id], kind: 'corrected', text: 'ADA LOVELACE', how: 'field' })
}

test('a generation arrives in one line, the typed text stays, and the view shows it and goes back', async ({
  app,
  page
}) => {
  test.slow()
  setUpLearner(app)
  await openSample(page, app)
  const text = page.getByRole('textbox', { name: /^Reading of / })
  await text.press('End')
  await page.keyboard.type('TYPED')
  const typed = await text.inputValue()
  await decide(page, 30)
  const line = page.getByRole('status').filter({ hasText: 'Has learnt from' })
  await expect(line).toContainText('22 → 10 characters wrong of 100', { timeout: 60_000 })
  await expect(text).toBeFocused()
  await expect(text).toHaveValue(typed)

  await page.keyboard.press('Alt+Shift+G')
  await expect(page.getByRole('heading', { name: 'Learning', exact: true })).toBeVisible()
  const second = page.getByRole('button', { name: 'Show more of generation 2' })
  await expect(second).toContainText('in use', { timeout: 60_000 })
  await expect(page.getByRole('img', { name: /Characters wrong, by what was decided/ })).toBeVisible()
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([])

  await page.keyboard.press('Alt+Shift+B')
  await expect(page.getByRole('button', { name: 'Show more of generation 1' })).toContainText('in use')
  await page.getByRole('checkbox', { name: 'Learn from what I decide' }).uncheck()
  await expect(page.getByText('Learning by itself is switched off.')).toBeVisible()

  await second.click()
  await page.getByRole('button', { name: 'Begin my next project with it' }).click()
  await expect(page.getByRole('dialog')).toContainText('Names of real people')
  await page.getByRole('button', { name: 'Begin with it' }).click()
  await expect(page.getByText(/The next new project begins with/).first()).toBeVisible()
  expect(readdirSync(join(app.folder, 'home', 'models')).some((file) => file.endsWith('.json'))).toBe(true)
  await page.keyboard.press('Alt+Shift+M')
  await expect(page.getByText('The reader that this project was read with is not among these')).toBeHidden()
  await expect(page.getByRole('article').filter({ hasText: 'reads this project' })).toContainText('Generation 1')
})

test('what learning needs is set up by one button, and says what is wrong', async ({ app, page }) => {
  await openSample(page, app)
  await page.keyboard.press('Alt+Shift+G')
  await expect(page.getByRole('button', { name: 'Set up learning' })).toBeVisible()
  await expect(page.getByText('About 1.1 GB on the disk')).toBeVisible()
  await callCore(page, 'learning.install', { python: '/no/such/python' })
  await expect(page.getByRole('alert')).toContainText('/no/such/python is not there', { timeout: 30_000 })
})

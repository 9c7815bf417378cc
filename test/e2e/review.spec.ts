import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { type App, callCore, copySamples, test } from './app'
import { ReviewPage } from './pages/review'

async function openSample(app: App, page: Page): Promise<ReviewPage> {
  await page.goto(app.url)
  await page.getByRole('button', { name: /Try the sample/ }).click()
  const review = new ReviewPage(page)
  await expect(review.text).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('button', { name: /^Undecided 68/ })).toBeVisible({ timeout: 60_000 })
  await review.orderBy('In file order')
  await expect.poll(() => review.file()).toBe('field-001.jpg')
  await review.expectFocus()
  return review
}

test('decides, goes back, undoes and redoes by keyboard, and keeps it over a kill', async ({ app, page }) => {
  let review = await openSample(app, page)
  await review.andGoOn(async () => {
    await review.write('VALMORIN')
    await review.press('Enter')
  })
  expect(await review.file()).toBe('field-002.jpg')
  await review.andGoOn(() => review.press('Alt+b'))
  await review.andGoOn(() => review.press('Alt+x'))
  await review.expectDone(3, 68)
  await review.press('Control+z')
  await review.expectDone(2, 68)
  await review.expectFocus()
  await review.press('Control+z')
  await review.expectDone(1, 68)
  await review.press('Control+Shift+z')
  await review.expectDone(2, 68)

  // Killed, not stopped: what was shown as done is done, and undo still knows what came before.
  await app.killAndRestart()
  await page.goto(app.url)
  await page
    .getByRole('button', { name: /^Sample/ })
    .first()
    .click()
  review = new ReviewPage(page)
  await expect(review.text).toBeVisible()
  await review.expectDone(2, 68)
  await review.press('Control+z')
  await review.expectDone(1, 68)
  await review.press('Control+z')
  await review.expectDone(0, 68)
  await review.press('Control+Shift+z')
  await review.expectDone(1, 68)
})

test('a project opened in between takes nothing into the review of another', async ({ app, page }) => {
  const review = await openSample(app, page)
  const { path: sample } = await callCore<{ path: string }>(page, 'project.info', {})
  await page.getByRole('button', { name: 'Nomina, projects' }).click()
  await callCore(page, 'project.create', { path: join(app.folder, 'other') })
  const scans = join(app.folder, 'scans')
  mkdirSync(scans)
  const picture = join(copySamples(app.folder), 'field-050.jpg')
  for (const name of ['one', 'two']) cpSync(picture, join(scans, `${name}.jpg`))
  await callCore(page, 'import.start', { paths: [scans], labels: null, recognise: false })
  await expect(page.getByRole('contentinfo')).toContainText('0 of 2')
  await callCore(page, 'project.open', { path: sample })
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Review' }).click()
  await expect(review.text).toBeVisible()
  await expect(page.getByRole('button', { name: /^Undecided 68/ })).toBeVisible()
  expect(await review.file()).toMatch(/^field-/)
})

test('typing edits, escape reverts, text is only ever text', async ({ app, page }) => {
  const review = await openSample(app, page)
  const read = await review.text.inputValue()
  await review.write('<B ONMOUSEOVER=ALERT(1)>=1+1')
  await review.press('Escape')
  await expect(review.text).toHaveValue(read)
  await review.andGoOn(async () => {
    await review.write('<IMG SRC=X ONERROR="DOCUMENT.TITLE=1">')
    await review.press('Enter')
  })
  await review.press('ArrowUp')
  await expect.poll(() => review.file()).toBe('field-001.jpg')
  await expect(review.text).toHaveValue('<IMG SRC=X ONERROR="DOCUMENT.TITLE=1">')
  await expect(page).toHaveTitle(/Nomina/)
  await review.expectFocus()
})

test('focus comes back from dialogs, clicks and other views', async ({ app, page }) => {
  const review = await openSample(app, page)
  await review.press('F1')
  await expect(page.getByRole('dialog')).toBeVisible()
  await review.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await review.expectFocus()
  await review.press('Control+k')
  await expect(page.getByRole('dialog')).toBeVisible()
  await review.press('Escape')
  await review.expectFocus()
  await page.getByRole('img', { name: /^Field of/ }).click()
  await review.expectFocus()
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Readers' }).click()
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Review' }).click()
  await review.expectFocus()
})

test('a window comes back to the review also where nothing is left in it', async ({ app, page }) => {
  await openSample(app, page)
  const { ids } = await callCore<{ ids: number[] }>(page, 'fields.ids', { filter: {}, order: 'file' })
  await callCore(page, 'review.decide', { ids, kind: 'blank', how: 'unseen' })
  await page.keyboard.press('Alt+Shift+L')
  const banner = page.getByRole('banner')
  await expect(banner).toContainText(/Sample\s*\/ List/)
  await page.reload() // a queue that was walked would stay at its last field
  await expect(banner).toContainText(/Sample\s*\/ List/)
  await page.keyboard.press('Alt+Shift+R')
  const finished = page.getByRole('heading', { name: 'Everything is decided' })
  await expect(finished).toBeVisible()
  await page.reload()
  await expect(finished).toBeVisible()
})

test('a lost connection loses no decision', async ({ app, page, context }) => {
  const review = await openSample(app, page)
  await context.setOffline(true)
  await review.andGoOn(async () => {
    await review.write('KEPT WHILE AWAY')
    await review.press('Enter')
  })
  await context.setOffline(false)
  await review.expectDone(1, 68)
  await review.press('ArrowUp')
  await expect(review.text).toHaveValue('KEPT WHILE AWAY')
})

test('pictures that did not come while the connection was lost come when it is back', async ({
  app,
  page,
  context
}) => {
  const review = await openSample(app, page)
  const missing = (): Promise<number> =>
    page.evaluate(() => [...document.images].filter((image) => image.complete && image.naturalWidth === 0).length)
  await page.waitForLoadState('networkidle').catch(() => undefined)
  await context.setOffline(true)
  await review.press('Enter')
  // Further than what was fetched ahead.
  for (let field = 0; field < 10; field++) await review.press('ArrowDown')
  await expect.poll(missing).toBeGreaterThan(0)
  // What nobody has seen is not accepted.
  const text = await review.text.inputValue()
  await review.press('Enter')
  await expect(page.getByText('nobody has seen what would be accepted').first()).toBeVisible()
  await expect(review.text).toHaveValue(text)
  await context.setOffline(false)
  await expect.poll(missing, { timeout: 20_000 }).toBe(0)
})

/** One desk: what is decided and taken back in several views leaves in the order in which it was done. */
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { callCore, test } from './app'
import { ListPage } from './pages/list'
import { ReviewPage } from './pages/review'

async function openSample(page: Page, url: string): Promise<ReviewPage> {
  await page.goto(url)
  await page.getByRole('button', { name: /Try the sample/ }).click()
  const review = new ReviewPage(page)
  await expect(review.text).toBeVisible({ timeout: 60_000 })
  return review
}

const row = async (page: Page, file: string): Promise<{ status: string }> => {
  const filter = { search: file }
  const { ids } = await callCore<{ ids: number[] }>(page, 'fields.ids', { filter, order: 'file' })
  return (await callCore<{ rows: { status: string }[] }>(page, 'fields.rows', { ids })).rows[0]!
}

test('an undo in one view comes after the decision made in another', async ({ app, page }) => {
  const review = await openSample(page, app.url)
  const first = await review.file()
  const sent: string[] = []
  page.on('request', (request) => {
    const name = /api\/(review\.(?:decide|undo))/.exec(request.url())?.[1]
    if (name) sent.push(name)
  })
  // The first decision is still on its way while a person goes on elsewhere.
  let release = (): void => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  await page.route('**/api/review.decide', async (route) => {
    await held
    await route.continue()
  })
  await review.andGoOn(() => review.press('Alt+b'))
  const list = new ListPage(page)
  await list.open()
  const second = /field-\d+\.jpg/.exec((await (await list.active()).textContent()) ?? '')![0]
  await list.press('x')
  await list.press('Control+z')
  await list.press('Control+z')
  release()
  await expect(list.said('Undone for 1 field.')).toBeVisible()
  // The list's decision had not left: it was taken back without a call, the review's by one that came after it.
  expect(sent).toEqual(['review.decide', 'review.undo'])
  expect(await row(page, first)).toMatchObject({ status: 'undecided' })
  expect(await row(page, second)).toMatchObject({ status: 'undecided' })
})

test('what waits outlives the tab', async ({ app, page, context }) => {
  const review = await openSample(page, app.url)
  const file = await review.file()
  await page.route('**/api/review.decide', (route) => route.abort())
  await review.andGoOn(() => review.press('Alt+b'))
  await expect(page.getByRole('alert')).toContainText('1 decision')
  await page.close()
  const other = await context.newPage()
  await other.goto(app.url)
  await expect(new ReviewPage(other).text).toBeVisible()
  await expect.poll(() => row(other, file)).toMatchObject({ status: 'blank' })
})

test('what waits in a tab that is lost is saved as a file, and taken in by another', async ({ app, page, browser }) => {
  const review = await openSample(page, app.url)
  const file = await review.file()
  await page.route('**/api/review.decide', (route) => route.abort())
  await review.andGoOn(() => review.press('Alt+b'))
  await expect(page.getByRole('alert')).toContainText('1 decision waits here')
  // Every view says so, above itself.
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'List' }).click()
  const lost = page.getByRole('alert').filter({ hasText: '1 decision waits here' })
  const { y, height } = (await lost.boundingBox())!
  expect((await page.getByRole('searchbox').boundingBox())!.y).toBeGreaterThanOrEqual(y + height)
  const downloading = page.waitForEvent('download')
  await lost.getByRole('button', { name: 'Save what waits as a file' }).click()
  const saved = await (await downloading).path()
  // Another browser knows nothing of what waits in this one.
  const other = await (await browser.newContext()).newPage()
  await other.goto(app.url)
  await expect(new ReviewPage(other).text).toBeVisible()
  expect(await row(other, file)).toMatchObject({ status: 'undecided' })
  await other.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Data' }).click()
  await other.getByRole('tab', { name: 'History' }).click()
  await other.locator('input[type=file]').setInputFiles(saved)
  await expect(other.getByText('1 stored, 0 stored before, 0 refused.')).toBeVisible()
  expect(await row(other, file)).toMatchObject({ status: 'blank' })
})

test('a project whose folder is gone says so above every view, and is saved elsewhere', async ({ app, page }) => {
  const review = await openSample(page, app.url)
  const { path } = (await callCore<{ project: { path: string } }>(page, 'app.info', {})).project
  renameSync(path, `${path} away`)
  await review.press('Alt+b')
  await expect(page.getByText(/was deleted or moved.*save the project elsewhere/).first()).toBeVisible()
  await page.getByRole('button', { name: 'Save elsewhere…' }).click()
  await page.getByRole('dialog').getByRole('textbox').fill(join(app.folder, 'saved'))
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
  await expect
    .poll(async () => (await callCore<{ project: { path: string } }>(page, 'app.info', {})).project.path)
    .toMatch(/saved$/)
  await expect(page.getByText(/was deleted or moved/)).toHaveCount(0)
})

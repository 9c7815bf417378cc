/** A tablet: what can be pressed is large enough, the review goes by swipes and taps, a narrow window keeps everything. */
import { expect, type Page } from '@playwright/test'
import { test } from './app'

/** What a finger presses and would miss: 19 px above or below its middle lies something else. */
const missed = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [
      ...document.querySelectorAll<HTMLElement>(
        'button:not([tabindex="-1"]), select, a[href], input:not([data-reading-input])'
      )
    ].flatMap((target) => {
      const pressed = target.parentElement?.matches('label') ? target.parentElement : target
      const { x, y, width, height } = pressed.getBoundingClientRect()
      const [left, top] = [x + width / 2, y + height / 2]
      const found = (by: number): boolean => pressed.contains(document.elementFromPoint(left, top + by))
      // What is hidden, covered or scrolled away is looked at where it is not.
      if (target.matches(':disabled') || !found(0) || top < 20 || top > innerHeight - 20) return []
      return found(-19) && found(19) ? [] : [`${pressed.outerHTML.slice(0, 90)} ${Math.round(height)} px`]
    })
  )

test('a tablet: fingers find what they press, and swipes go through the queue', async ({ app, browser }) => {
  const context = await browser.newContext({ viewport: { width: 1024, height: 768 }, hasTouch: true, isMobile: true })
  const page = await context.newPage()
  await page.goto(app.url)
  await page.getByRole('button', { name: /Try the sample/ }).tap()
  const reading = page.getByRole('textbox', { name: /^Reading of / })
  await expect(reading).toBeVisible({ timeout: 60_000 })
  await expect(reading).toHaveAttribute('inputmode', 'none')
  expect.soft(await missed(page), 'Review').toEqual([])

  const first = await reading.getAttribute('aria-label')
  const devtools = await context.newCDPSession(page)
  // At a hand's pace, and at rest in the end: what is flung is no place for the next tap.
  const swipe = async (from: number, to: number): Promise<void> => {
    const { x, y, width, height } = (await page.locator('.paper').boundingBox())!
    const at = (share: number) => [{ x: x + width * share, y: y + height / 2 }]
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(from) })
    for (const share of [(from + to) / 2, to, to]) {
      await page.waitForTimeout(60)
      await devtools.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(share) })
    }
    await page.waitForTimeout(120)
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  }
  await swipe(0.7, 0.4)
  await expect(reading).not.toHaveAttribute('aria-label', first!)
  await swipe(0.4, 0.7)
  await expect(reading).toHaveAttribute('aria-label', first!)
  await page.getByRole('button', { name: /^Accept/ }).tap()
  await expect(page.getByRole('contentinfo')).toContainText('1 of 68')
  await page
    .getByRole('button', { name: /^Back to / })
    .first()
    .tap()
  await expect(reading).toHaveAttribute('aria-label', first!)

  for (const view of ['Names', 'List', 'Data', 'Import', 'Learning', 'Readers', 'Export']) {
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: view }).tap()
    await expect(page.getByRole('main')).not.toBeEmpty()
    await page.waitForTimeout(400)
    expect.soft(await missed(page), view).toEqual([])
  }
  await context.close()
})

test('a narrow window hides nothing that can be done', async ({ app, page }) => {
  await page.setViewportSize({ width: 700, height: 760 })
  await page.goto(app.url)
  await page.getByRole('button', { name: /Try the sample/ }).click()
  await expect(page.getByRole('textbox', { name: /^Reading of / })).toBeVisible({ timeout: 60_000 })
  await page.getByRole('button', { name: /side panel/i }).click()
  await expect(page.getByRole('heading', { name: 'Imported label' })).toBeInViewport()
  await page.keyboard.press('Escape')
  for (const view of ['Review', 'Names', 'List', 'Data', 'People', 'Import', 'Learning', 'Readers', 'Export']) {
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: view }).click()
    await page.waitForTimeout(300)
    // Nothing that can be pressed lies beyond the window, unless what holds it scrolls there.
    const beyond = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('#main button, #main select, #main input')].flatMap((each) => {
        const { left, right, width } = each.getBoundingClientRect()
        if (width < 2 || (right <= innerWidth + 1 && left >= 0) || !each.checkVisibility()) return []
        for (let around = each.parentElement; around; around = around.parentElement)
          if (/auto|scroll/.test(getComputedStyle(around).overflowX)) return []
        return [each.outerHTML.slice(0, 120)]
      })
    )
    expect(beyond, view).toEqual([])
  }
})

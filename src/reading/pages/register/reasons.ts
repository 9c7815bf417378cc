/** Why a page is not matched, in words for people. */
import type { Found } from './search'

export function reasonFor(template: string, { evidence, ambiguous }: Found): string {
  const share = `${Math.round(100 * evidence.found)} %`
  if (evidence.found < 0.5) return 'None of the templates’ print is found on it: it may be a page of another kind.'
  if (ambiguous) return `It fits “${template}” in several places, a row or a column apart.`
  if (evidence.onPage < 0.8)
    return `It looks like “${template}”, but only ${Math.round(100 * evidence.onPage)} % of the form is on the page.`
  if (evidence.worstRegion < 0.5 || evidence.worstField < 0.5)
    return `It looks like “${template}”, but a part of the form is not where it should be (${share} of the print found).`
  if (evidence.foreign > 0.25)
    return `It looks like “${template}”, but much is printed on it that the template does not have.`
  return `It may be “${template}”, but its print is found too faintly to be sure (${share} of it).`
}

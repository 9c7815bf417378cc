/** The name to try as the `number`th, from 1: `name`, `name 2`, `name 3` …; `end` stands after the number. */
export const numbered = (name: string, number: number, end = ''): string =>
  (number === 1 ? name : `${name} ${number}`) + end

// Draws resources/samples again: npm run samples, or only a part of it: npm run samples -- fields, npm run samples -- forms
const parts = ['fields', 'forms']
const wanted = process.argv.slice(2)
const unknown = wanted.find((part) => !parts.includes(part))
if (unknown) throw new Error(`There are no samples "${unknown}"; there are ${parts.join(' and ')}.`)
for (const part of wanted.length ? wanted : parts) await import(`./samples/${part}.mjs`)

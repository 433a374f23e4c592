import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import nunjucks from 'nunjucks'

const source = join(import.meta.dirname, '..', 'src')

test('every template is one that can be shown', () => {
  const govuk = join(source, '..', 'node_modules', 'govuk-frontend', 'dist')
  const views = new nunjucks.Environment(new nunjucks.FileSystemLoader([source, govuk]))
  const faults: string[] = []
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(one => one.endsWith('.njk')))
    try {
      views.getTemplate(file, true)
    } catch (error) {
      faults.push(`${file}: ${error instanceof Error ? error.message : error}`)
    }
  assert.deepEqual(faults, [])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mask } from './mask.ts'

const self = { name: 'Zoë Will O’Brien', landlord: 'Harrow Wood Housing Association' }

test('the writer’s own name and landlord are masked in any case, accent or spacing; other words stay', () => {
  assert.equal(mask('I am ZOE, and zoë’s flat is cold.', self), 'I am [name], and [name]’s flat is cold.')
  assert.equal(
    mask('Harrow  wood never ring. HARROW WOOD HOUSING ASSOCIATION!', self),
    '[my landlord] never ring. [my landlord]!',
  )
  assert.equal(mask('I will say so. Will O’Brien.', self), 'I will say so. [name] O’[name].')
  assert.equal(mask('A housing association is not a wood.', self), 'A housing association is not a wood.')
})

test('email addresses, phone numbers and postcodes are masked, whoever’s they are; years and sums stay', () => {
  assert.equal(
    mask('Write to bo@example.org or 0113 496 0123, LS1 4AP.', {}),
    'Write to [email address] or [phone number], [postcode].',
  )
  assert.equal(mask('Since 2019 I pay £1,204.50 for 12 homes.', {}), 'Since 2019 I pay £1,204.50 for 12 homes.')
})

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
  assert.equal(mask('Ring 07700\u00a0900\u00a0982 or 07700/900/983.', {}), 'Ring [phone number] or [phone number].')
  assert.equal(mask('Since 2019 I pay £1,204.50 for 12 homes.', {}), 'Since 2019 I pay £1,204.50 for 12 homes.')
  assert.equal(mask('It leaked in 2019 2020 2021.', {}), 'It leaked in 2019 2020 2021.')
})

test('a name is masked as people write it: for short, with an s, run together, as the first part of an address', () => {
  const barry = { name: 'Barry Whitlock', email: 'baz.the.caretaker@residents.example' }
  assert.equal(
    mask('Barrys boiler. Baz here; ask Bazza or @barrywhitlock, or BarryWhitlock88.', barry),
    '[name] boiler. [name] here; ask [name] or @[name], or [name]88.',
  )
  assert.equal(mask('On the forum I am baz_the_caretaker.', barry), 'On the forum I am [name].')
  const elizabeth = { name: 'Elizabeth Pageant' }
  assert.equal(
    mask('Call me Liz, Eliza or Beth. The lizard stays.', elizabeth),
    'Call me [name], [name] or [name]. The lizard stays.',
  )
  assert.equal(mask('The theory of it, by Theo.', { name: 'Theodore Ash' }), 'The theory of it, by [name].')
})

test('a landlord is masked run together, with an s, with an ampersand and by its initials', () => {
  assert.equal(
    mask('AlderVale? Alder Vales van; AVH’s office. I have avh of nothing.', { landlord: 'Alder Vale Homes' }),
    '[my landlord]? [my landlord] van; [my landlord]’s office. I have avh of nothing.',
  )
  assert.equal(
    mask('Alder & Vale’s office, AVH.', { landlord: 'Alder and Vale Homes' }),
    '[my landlord]’s office, [my landlord].',
  )
})

test('one’s own number without its area, one’s street, and what an officer hid, are masked', () => {
  const eileen = { phone: '01632 960 044', lines: ['14 Acacia Road', 'Leeds'], hidden: ['the Rose and Crown'] }
  assert.equal(mask('Ring 960044 or 960-044.', eileen), 'Ring [phone number] or [phone number].')
  assert.equal(
    mask('I live at 14 Acacia Road; acacia road is dark.', eileen),
    'I live at [my address]; [my address] is dark.',
  )
  assert.equal(mask('I ran the Rose & Crown for years.', eileen), 'I ran [hidden] for years.')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sensitiveIn } from './sensitive.ts'

test('[N-27] text that tells of health, ethnicity or a complaint is noticed', () => {
  assert.deepEqual(sensitiveIn('I am deaf and use BSL'), ['health'])
  assert.deepEqual(sensitiveIn('As a Black woman I want to be heard'), ['ethnicity'])
  assert.deepEqual(sensitiveIn('My complaint has been going on for a year'), ['complaint'])
})

test('[N-27] everyday words are not taken for it', () => {
  for (const text of [
    'I chair my residents’ association and I am good at listening.',
    'I worked for a white goods company and know the black market in keys.',
    'I have handled complaints as a union rep.',
    'I am blindingly organised. I like blind tasting and deafening applause.',
    'I care about repairs being done on time.',
    'I live near Asian supermarkets and cook.',
  ])
    assert.deepEqual(sensitiveIn(text), [], text)
})

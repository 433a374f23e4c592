import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sensitiveIn, sentencesOn, without } from './sensitive.ts'

const telling = {
  health: [
    'I am deaf and use BSL',
    'I’m hard of hearing so phone calls are no good to me',
    'my daughter is autistic and the noise upsets her',
    'I have MS and can’t walk far',
    'im on pip since my accident',
    'I use a mobility scooter, the lift is always broken',
    'Had a stroke in 2021',
    'I suffer with depression and anxiety',
    'I was diagnosed with ADHD',
    'I have a bad back',
    'I am registered blind',
    'I find it hard to concentrate for long',
    'I get panic attacks on the stairs',
    'I had cancer last year',
    'I’m pregnant and there is mould',
  ],
  ethnicity: [
    'As a Black woman I want to be heard',
    'I’m Somali and help my neighbours with forms',
    'My parents came from Bangladesh in 1971',
    'im a gypsy and proud',
    'We are a Windrush family',
  ],
  belief: ['I am a Muslim and run the mosque’s food bank', 'As a gay man I know what it is like'],
  complaint: [
    'My complaint has been going on for a year',
    'They won’t fix the boiler',
    'I am at stage 2 complaint',
    'there is damp and mould in my bedroom',
    'my landlord hasn’t replied',
  ],
} as const

test('[N-27] text that tells of health, ethnicity, belief or a complaint is noticed', () => {
  for (const [kind, texts] of Object.entries(telling))
    for (const text of texts)
      assert.ok(
        sensitiveIn(text).some(one => one === kind),
        `${kind}: ${text}`,
      )
})

test('[N-27] everyday words are not taken for it', () => {
  for (const text of [
    'I chair my residents’ association and I am good at listening.',
    'I worked for a white goods company and know the black market in keys.',
    'I have handled complaints as a union rep.',
    'I am blindingly organised. I like blind tasting and deafening applause.',
    'I care about repairs being done on time.',
    'I live near Asian supermarkets and cook.',
    'Our reports fell on deaf ears, and one by a stroke of luck got through.',
    'It is hard to see how they decide. I cannot see why.',
    'I come from work tired, and I am from Leeds.',
    'I worked as a carer for my council for ten years.',
    'I have me time on Sundays.',
  ])
    assert.deepEqual(sensitiveIn(text), [], text)
})

test('[N-27] the sentences that tell of it can be taken out, and the others stay as they were', () => {
  const text = 'I chair our group. I am deaf and use BSL! Ask me about heating?\nI had a stroke.'
  assert.deepEqual(sentencesOn(text, 'health'), ['I am deaf and use BSL!', 'I had a stroke.'])
  assert.equal(without(text, 'health'), 'I chair our group. Ask me about heating?')
})

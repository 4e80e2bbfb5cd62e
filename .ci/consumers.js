// Reads the recording with har-validator. Takes the directory of packages and the recording.
const [, , packages, recording] = process.argv
const validate = require(`${packages}/har-validator/lib/promise`)
const har = JSON.parse(require('fs').readFileSync(recording, 'utf8'))
validate.har(har).then(
  () => console.log('har-validator: ok'),
  (error) => { console.error('har-validator:', error.message, JSON.stringify(error.errors)); process.exit(1) },
)

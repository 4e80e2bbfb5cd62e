// Package reference is a conforming implementation of the identity API, held in memory, for the suite to be
// tried against. It judges nothing, grants no authorization codes, keeps nothing on disk, and never imports the
// packages that judge it, so that the server and its judge cannot share a mistake.
//
// Where the contract leaves a choice, the server takes an unusual legal one: see [Choices].
package reference

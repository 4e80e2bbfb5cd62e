// Package cputime tells how much CPU time this process has used. It limits nothing.
package cputime

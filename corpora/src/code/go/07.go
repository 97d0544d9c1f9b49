package main

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
)

type Perm uint8

const (
	Read Perm = 1 << iota
	Write
	Exec
	All = Read | Write | Exec
)

const (
	crcPoly  = 0xEDB8_8320
	fileMode = 0o644
	rydberg  = 1.0973731568160e7 // m⁻¹
	electron = 9.109_383_7e-31
)

var hexLiteral = regexp.MustCompile(`^0[xX](?:_?[0-9a-fA-F])+$`)

type Mat2 [2][2]float64

func (m Mat2) Mul(n Mat2) (out Mat2) {
	for i := range out {
		for j := range out[i] {
			out[i][j] = m[i][0]*n[0][j] + m[i][1]*n[1][j]
		}
	}
	return out
}

func main() {
	s, c := math.Sincos(math.Pi / 6)
	m := Mat2{{c, -s}, {s, c}}.Mul(Mat2{{2, 0}, {0, .5}})
	fmt.Printf("[%8.4f %8.4f]\n[%8.4f %8.4f]\n", m[0][0], m[0][1], m[1][0], m[1][1])
	fmt.Printf("%#x %#o %08b %.3e %g\n", crcPoly>>4, fileMode, All&^Write, electron, rydberg)
	fmt.Println(hexLiteral.MatchString("0xCAFE_F00D"), strconv.FormatInt(-255, 16), uint32(math.MaxUint32), math.Inf(1))
}

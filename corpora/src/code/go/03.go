package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"os"
	"sort"
	"strings"
	"unicode"
)

func countWords(r io.Reader) (map[string]int, error) {
	counts := make(map[string]int)
	scanner := bufio.NewScanner(r)
	scanner.Buffer(make([]byte, 0, 64*1024), 1<<20) // lines of up to 1 MiB
	for scanner.Scan() {
		words := strings.FieldsFunc(scanner.Text(), func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '’' && r != '\''
		})
		for _, w := range words {
			if w = strings.ToLower(strings.Trim(w, "'’")); w != "" {
				counts[w]++
			}
		}
	}
	return counts, scanner.Err()
}

func main() {
	log.SetFlags(0)
	counts, err := countWords(os.Stdin)
	if err != nil {
		log.Fatalf("wordcount: %v", err)
	}
	words := make([]string, 0, len(counts))
	for w := range counts {
		words = append(words, w)
	}
	sort.Slice(words, func(i, j int) bool { return counts[words[i]] > counts[words[j]] || counts[words[i]] == counts[words[j]] && words[i] < words[j] })
	for _, w := range words[:min(len(words), 25)] {
		fmt.Printf("%6d  %s\n", counts[w], w)
	}
}

// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Saves files by renameio; see ../README.md for what it reads and prints.
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/google/renameio"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		words := strings.Split(lines.Text(), "\t")
		count, _ := strconv.Atoi(words[1])
		size, _ := strconv.Atoi(words[2])
		content := bytes.Repeat([]byte("x"), size)
		start := time.Now()
		for i := 0; i < count; i++ {
			path := filepath.Join(words[0], strconv.Itoa(i))
			if err := renameio.WriteFile(path, content, 0644); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		}
		fmt.Println(time.Since(start).Nanoseconds())
	}
}

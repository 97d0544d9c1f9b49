package main

import (
	"encoding/json"
	"log"
	"net/http"
	"strings"
	"sync"
)

type task struct {
	ID    int      `json:"id"`
	Title string   `json:"title"`
	Done  bool     `json:"done"`
	Tags  []string `json:"tags,omitempty"`
}

type store struct {
	mu    sync.RWMutex
	tasks []task
}

func (s *store) create(w http.ResponseWriter, r *http.Request) {
	var t task
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&t); err != nil || strings.TrimSpace(t.Title) == "" {
		http.Error(w, `{"error": "a title is required, e.g. \"Buy jalapeños\""}`, http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	t.ID = len(s.tasks) + 1
	s.tasks = append(s.tasks, t)
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(t)
}

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /tasks", new(store).create)
	log.Fatal(http.ListenAndServe(":8080", mux))
}

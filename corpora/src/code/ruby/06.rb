# frozen_string_literal: true

require "json"
require "net/http"
require "uri"

class RecipeClient
  BASE = URI("https://recipes.example.net/api/")
  RETRIES = 3
  Error = Class.new(StandardError)
  NotFound = Class.new(Error)

  def initialize(token: ENV.fetch("RECIPE_TOKEN"))
    @token = token
  end

  def search(query, page: 1) = get("recipes", q: query, page:).fetch(:items)

  def create(title:, ingredients:, notes: nil)
    request = Net::HTTP::Post.new(BASE + "recipes")
    request.body = JSON.generate({ title:, ingredients:, notes: }.compact)
    perform(request)
  end

  private

  def get(path, **params)
    uri = BASE + path
    uri.query = URI.encode_www_form(params) unless params.empty?
    perform(Net::HTTP::Get.new(uri))
  end

  def perform(request, attempt = 1)
    request["Accept"] = request["Content-Type"] = "application/json"
    request["Authorization"] = "Bearer #{@token}"
    response = Net::HTTP.start(BASE.host, BASE.port, use_ssl: true, open_timeout: 3, read_timeout: 10) { |http| http.request(request) }
    case response
    when Net::HTTPSuccess then JSON.parse(response.body, symbolize_names: true)
    when Net::HTTPNotFound then raise NotFound, "nothing at #{request.path} – typo?"
    else raise Error, "#{response.code} #{response.message}: #{response.body&.slice(0, 200)}"
    end
  rescue Net::OpenTimeout, Net::ReadTimeout
    attempt < RETRIES ? perform(request, attempt + 1) : raise
  end
end

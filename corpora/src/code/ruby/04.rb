# frozen_string_literal: true

require "bigdecimal"
require "bigdecimal/util"

class Account
  class Error < StandardError; end
  class InvalidAmount < Error; end

  class InsufficientFunds < Error
    attr_reader :missing

    def initialize(missing)
      @missing = missing
      super("#{missing.to_s('F')} € short")
    end
  end

  attr_reader :owner, :balance

  def initialize(owner:, balance: 0)
    @owner = owner
    @balance = balance.to_d
    @log = []
  end

  def deposit(amount)
    @balance += positive!(amount)
    record(:deposit, amount)
  end

  def withdraw(amount)
    missing = positive!(amount) - balance
    raise InsufficientFunds, missing if missing.positive?

    @balance -= amount.to_d
    record(:withdraw, amount)
  end

  private

  def positive!(amount) = amount.to_d.positive? ? amount.to_d : raise(InvalidAmount, "#{amount.inspect} is not positive")

  def record(kind, amount) = tap { @log << { kind:, amount: amount.to_d, at: Time.now } }
end
